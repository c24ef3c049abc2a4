"""The commands of the command line, a module for each group; thin: they read options, ask the library, and print."""
