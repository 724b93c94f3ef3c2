using Klock.Cli.Bench;

switch (args)
{
    case []:
        using (var startUp = new StartUp())
        {
            startUp.Run();
        }

        return 0;
    case ["agents"]:
        using (var hooks = new HookCost())
        {
            hooks.Run();
        }

        return 0;
    default:
        Console.Error.WriteLine($"Klock.Cli.Bench takes 'agents' or nothing, and got '{string.Join(' ', args)}'.");
        return 2;
}
