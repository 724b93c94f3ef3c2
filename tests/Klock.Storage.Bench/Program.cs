using System.Globalization;
using Klock.Storage.Bench;

if (args is ["worker", string path, string name, string seconds])
{
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Throughput.OfOneCaller(path, name, Workers.Time(seconds))}"));
    return 0;
}

if (args is ["turns", string file, string agent, string startMs, string runs])
{
    Turns.Work(file, agent, startMs, runs);
    return 0;
}

if (args is ["handover", string place, string kind, string number, string from, string lasts])
{
    HandOver.Work(place, kind, number, from, lasts);
    return 0;
}

if (args is ["seam"])
{
    Seam.Run();
    return 0;
}

if (args is ["seam", string shared, string store, string caller, string begins, string takes])
{
    Seam.Work(shared, store, caller, begins, takes);
    return 0;
}

if (args.Length > 0)
{
    Console.Error.WriteLine($"Klock.Storage.Bench takes no arguments, or 'seam', and got '{args[0]}'.");
    return 2;
}

Goals.Run();
return 0;
