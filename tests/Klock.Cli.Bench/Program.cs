using Klock.Cli.Bench;

if (args.Length > 0)
{
    Console.Error.WriteLine($"Klock.Cli.Bench takes no arguments, and got '{args[0]}'.");
    return 2;
}

using var startUp = new StartUp();
startUp.Run();
return 0;
