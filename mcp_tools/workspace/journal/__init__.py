"""The undo journal of one workspace, and the shelf of its proposals.

It lies in a folder of the user's own, and records what was there before and after each change. It
changes no file of the workspace itself, needs no git and never touches one.

    journal, shelf      what others call
    store               one database and one folder of contents, opened at first use
    keeping             what goes when the store is full
    database, objects   SQLite, and compressed files named by the digest of what is in them
    owners, locks       which processes are alive, and who may write
    records, contents   values to rows and bytes, and back
    private             folders and files that nobody else may read
"""
