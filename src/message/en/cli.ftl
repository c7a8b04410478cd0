cli-error = error
cli-caused-by = caused by
cli-help = help
