"""Tables, queries, the bank master and the folder of bank files."""
