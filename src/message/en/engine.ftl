# engine

## engine-loop

engine-loop-no-program = the command is empty: there is no program to run
engine-loop-no-such-program = the program `{ $program }` was not found
engine-loop-no-such-folder = there is no folder `{ $path }`
engine-loop-not-begun = cannot begin `{ $program }`: { $error }
engine-loop-no-output-file = cannot make the files for the command's output: { $error }
engine-loop-no-thread = cannot begin the work: { $error }
engine-loop-broke = the work was cut short by a mistake in this program
engine-loop-no-faults = faults are made in the lab only
engine-loop-no-backups = this work on a backup cannot be carried out
