using Klock.Server.Bench;

if (args.Length > 0)
{
    Console.Error.WriteLine($"Klock.Server.Bench takes no arguments, and got '{args[0]}'.");
    return 2;
}

using var load = new LoadProgram();
Goals.Run(load);
return 0;
