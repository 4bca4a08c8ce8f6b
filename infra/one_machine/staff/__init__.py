"""What synthetic staff do at the pages in a month, and what the services answer when they are asked."""
