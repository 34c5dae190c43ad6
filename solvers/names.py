"""The solvers' names, the preferred one first. One more solver is one file beside this one and its name here.

The file is called as the solver is, and has ``SOLVER``, a :class:`~.solution.Solver`. Commands list the names
without importing any of them.
"""

SOLVERS = ("highs", "glpk")
