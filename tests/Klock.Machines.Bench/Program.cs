using Klock.Machines.Bench;

(string Name, Func<Task<IEngine?>> Start)[] engines = [("etcd", EtcdCluster.StartAsync), ("postgres", PostgresEngine.StartAsync)];
(string Name, Func<Task<IEngine?>> Start)[] chosen = args.Length == 0 ? engines : Array.FindAll(engines, each => each.Name == args[0]);
if (args.Length > 1 || chosen.Length == 0)
{
    Console.Error.WriteLine($"Klock.Machines.Bench takes {string.Join(" or ", engines.Select(static each => each.Name))}, or nothing.");
    return 2;
}

int worst = 0;
foreach ((string name, Func<Task<IEngine?>> start) in chosen)
{
    using IEngine? engine = await start();
    if (engine is null)
    {
        Console.WriteLine($"\n{name} is not there: skipped.");
        continue;
    }

    try
    {
        await Goals.RunAsync(engine);
    }
    catch (Exception failed) when (failed is InvalidOperationException or IOException)
    {
        // The engine is ended all the same.
        Console.Error.WriteLine($"{name}: {failed}");
        worst = 1;
    }
}

return worst;
