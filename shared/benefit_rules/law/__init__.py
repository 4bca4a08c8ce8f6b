"""The figures of the law: dated, with their source and how sure each is; places and their grades."""
