"""Claims: chain-of-custody models, accounts, certificates, and the rules that say what the supplied records support.

Pure functions over a world of records at one (valid, known) time. Rule packs lie above, in tracegraph.schemes.
"""
