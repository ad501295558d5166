"""The way to the network: public addresses only, by GET, within bounds.

fetcher     what tools are given; loads the rest at its first use
exchange    one fetch, with its redirections
targets     an address, taken apart once: what is checked is what is called
dialing     connecting, to addresses that were checked
addresses   which addresses are public
unpacking   bodies that come compressed, within bounds
reading     a page as text that a model can read
searcher    web searches by the engine that the user names
"""
