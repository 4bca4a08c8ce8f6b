"""What the deciding services are asked, and how far we have read what they published."""
