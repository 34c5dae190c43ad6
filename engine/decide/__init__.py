"""What it would take, what is given up, and why not: questions to the planning problem, each answer
simulated."""
