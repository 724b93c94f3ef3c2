using Klock.Cli;

return CommandLine.Run(args);
