using Klock;
using Klock.Cli;

BackgroundTerminal.RunOn();
return CommandLine.Run(args);
