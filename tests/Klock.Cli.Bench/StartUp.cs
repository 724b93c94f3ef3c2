namespace Klock.Cli.Bench;

/// <summary>A whole <c>klock acquire</c> on SQLite, beside the least it could be and what an agent's other tools take to start.</summary>
/// <remarks>
/// The programs take turns, so that whatever else the machine does meets all of them alike. Every acquire is for another file.
/// </remarks>
internal sealed class StartUp : IDisposable
{
    private const int Rounds = 200;
    private const int RoundsWhenFull = 40;
    private const int LeasesACommand = 250;
    private const double HelloGoal = 2;
    private const double PythonGoal = 2.2;
    private const double FullGoal = 2;

    private static readonly int[] _held = [0, 1_000, 10_000, 100_000];

    private readonly string _top = FindTop(AppContext.BaseDirectory);
    private readonly string _folder = Directory.CreateTempSubdirectory("klock-bench-").FullName;
    private int _files;

    private string Klock => Path.Combine(_top, "dist", "bin", "klock");

    public void Run()
    {
        string[] hello = [Path.Combine(_top, "artifacts", "bench", "klock-hello"), Path.Combine(_folder, "hello")];
        string[] python = ["/usr/bin/python3", "-c", "import json"];
        double[] acquires = new double[Rounds], hellos = new double[Rounds], pythons = new double[Rounds], versions = new double[Rounds];
        Spawn.Run(Acquire());
        for (int i = 0; i < Rounds; i++)
        {
            acquires[i] = Spawn.Run(Acquire());
            hellos[i] = Spawn.Run(hello);
            pythons[i] = Spawn.Run(python);
            versions[i] = Spawn.Run([Klock, "version"]);
        }

        Console.WriteLine($"whole processes, p50 of {Rounds} each, in turns");
        Show("klock acquire, SQLite", acquires);
        Show("native hello world + two fdatasync", hellos);
        Show("/usr/bin/python3 -c 'import json'", pythons);
        Show("klock version", versions);
        double acquire = Median(acquires);
        ShowRatio("klock acquire / hello + 2 fdatasync", acquire / Median(hellos), HelloGoal, isMost: true);
        ShowRatio("python / klock acquire", Median(pythons) / acquire, PythonGoal, isMost: false);
        RunOnFullStores();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // A command reads of the state what it is about, however much others hold.
    private void RunOnFullStores()
    {
        Console.WriteLine($"klock acquire beside leases of others, p50 of {RoundsWhenFull}");
        int held = 0;
        List<double> medians = [];
        foreach (int wanted in _held)
        {
            for (; held < wanted; held += LeasesACommand)
            {
                Fill();
            }

            double[] times = [.. Enumerable.Range(0, RoundsWhenFull).Select(_ => Spawn.Run(Acquire("full")))];
            Show($"{wanted:N0} leases held", times);
            medians.Add(Median(times));
        }

        ShowRatio($"beside {_held[^1]:N0} leases / beside none", medians[^1] / medians[0], FullGoal, isMost: true);
    }

    private string[] Acquire(string store = "klock") =>
    [
        Klock, "acquire", "--raw", "--file", $"bench/{_files++}", "--ttl", "1h", "--agent", "bench", "--session", "s",
        "--storage", $"sqlite:{_folder}/{store}.db",
    ];

    private void Fill()
    {
        IEnumerable<string> files = Enumerable.Range(0, LeasesACommand)
            .SelectMany(_ => (string[])["--file", $"held/{_files % 100}/{_files++}"]);
        Spawn.Run([Klock, "acquire", "--raw", "--ttl", "24h", "--agent", "other", "--storage", $"sqlite:{_folder}/full.db", .. files]);
    }

    /// <summary>One line of the report: the median of some times.</summary>
    public static void Show(string what, double[] times) => Console.WriteLine($"  {what,-40} {Median(times),7:F1} ms");

    /// <summary>One line of the report: a ratio, and whether it is what it should be.</summary>
    public static void ShowRatio(string what, double ratio, double goal, bool isMost) => Console.WriteLine(
        $"  ratio {what,-40} {ratio,5:F2}   goal: at {(isMost ? "most" : "least")} {goal:F1}, "
        + ((isMost ? ratio <= goal : ratio >= goal) ? "met" : "MISSED"));

    public static double Median(double[] times) => times.Order().ElementAt(times.Length / 2);

    /// <summary>The top of the checkout around a folder.</summary>
    public static string FindTop(string folder) =>
        File.Exists(Path.Combine(folder, "Klock.sln")) ? folder
        : Path.GetDirectoryName(folder) is { } above ? FindTop(above)
        : throw new DirectoryNotFoundException("This must run inside the checkout: no folder above has Klock.sln.");
}
