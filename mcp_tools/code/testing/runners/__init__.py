"""The test runners that are known, one a file; each ends in `RUNNER = SuiteRunner(...)`."""
