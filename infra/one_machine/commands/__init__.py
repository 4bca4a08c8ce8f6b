"""What each command of `./kurashi` does: a module a command, with `main(arguments) -> exit status`."""
