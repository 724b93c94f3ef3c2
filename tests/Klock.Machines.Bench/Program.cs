using Klock.Machines.Bench;

const int Members = 3;
const long UsualEvents = 1_000_000;
var load = new CountedTime(Growth.EventsPerSecond);
bool isOfGrowth = args is ["growth", ..];
string[] rest = isOfGrowth ? args[1..] : args;
(string Name, Func<Task<IEngine?>> Start)[] engines =
[
    ("etcd", isOfGrowth ? () => EtcdCluster.StartAsync(1, load) : () => EtcdCluster.StartAsync(Members, TimeProvider.System)),
    ("postgres", PostgresEngine.StartAsync),
];
(string Name, Func<Task<IEngine?>> Start)[] chosen = rest.Length == 0 ? engines : Array.FindAll(engines, each => each.Name == rest[0]);
long events = UsualEvents;
bool isRead = rest.Length < 2 || (isOfGrowth && rest.Length == 2 && long.TryParse(rest[1], out events) && events > 0);
if (!isRead || chosen.Length == 0)
{
    string names = string.Join(" or ", engines.Select(static each => each.Name));
    Console.Error.WriteLine($"Klock.Machines.Bench takes {names}, or nothing; or 'growth', and then {names} and how many events.");
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
        await (isOfGrowth ? Growth.RunAsync(engine, load, events) : Goals.RunAsync(engine));
    }
    catch (Exception failed) when (failed is InvalidOperationException or IOException)
    {
        // The engine is ended all the same.
        Console.Error.WriteLine($"{name}: {failed}");
        worst = 1;
    }
}

return worst;
