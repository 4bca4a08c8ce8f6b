"""What the services say to one another: facts, problem types, permissions, kinds of assistance.

It changes when a message or a permission changes, and for no other reason.
"""
