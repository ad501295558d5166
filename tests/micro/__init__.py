"""Small programs whose call graphs are known, and how much of them is found.

Run `python -m tests.micro [--case NAME] [--all]` for the figures. The programs are in `cases/`,
a file a category:

    === name_of_the_case
    //- /main.py
    def work(): ...
    work()
    --- edges
    main.py: -> work

A program is run by running `main.py`. An edge leads from a caller to a callee, each given as
`file.py:Name/path`; without a file it is in `main.py`, without a name path it is the top of the
file. These rules say what an edge is:

- A caller is the innermost named function or method around the call, else the file. What a
  lambda, a comprehension or a class body calls, the function around it calls.
- A callee is a named function or method of the case. Code of the standard library is none.
- The call of a class is a call of the `__init__` that its MRO gives, if that is in the case.
- The call of an instance is a call of `__call__`. Reading a property is a call of its getter.
- Putting a decorator on is a call of the decorator, and of what a call in its place gives.
- The call of a decorated function is a call of that function, whatever wraps it. What a wrapper
  calls inside is called by the wrapper.
- A call on a base-typed receiver is a call of the base's method and of all overrides below,
  unless the class of the receiver is known exactly.
- Passing a function on is no call; calling the parameter is one, of all that is passed.
- What the interpreter calls by itself is no edge: operators, `with`, `for`, conversions, setters,
  `__new__`, hooks of classes.
- Definitions of one name in one scope are one callee: overloads, getter and setter.

An edge may have a mark behind `  # `:

- `static` holds by the rules though no run shows it.
- `also` happens in the run, but the rules do not ask for it: it counts neither way.
- `hard: reason` is asked for, and counts, though it is known to be out of reach.

Every case is run under `sys.setprofile`, to prove it: what happens is in its list, and what is in
its list happens, but for the marks. Only a case with `(not run: reason)` behind its name is not.
Source: the categories follow PyCG's micro-benchmark (Salis et al., ICSE 2021); the programs and
their lists are our own.
"""
