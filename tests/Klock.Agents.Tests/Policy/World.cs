using System.Diagnostics;
using System.Text.Json;
using Klock.Agents.Calling;
using Klock.Agents.Commits;
using Klock.Agents.Events;
using Klock.Agents.Leases;
using Klock.Agents.Memory;
using Klock.Agents.Policy;
using Klock.Agents.Settings;
using Klock.Cli.Hooks;
using Klock.Cli.Transports;
using Klock.Client.Places;
using Klock.Coordinator.Protocol;
using Klock.Storage.Sqlite.Holders;

namespace Klock.Agents.Tests.Policy;

/// <summary>A git repository with a real store, a home, and agents whose hooks are decided as the program does: each event anew.</summary>
internal sealed class World : IDisposable
{
    private readonly string _top = Directory.CreateTempSubdirectory("klock-policy-").FullName;
    private int _agents;

    public World()
    {
        Folder = Directory.CreateDirectory(Path.Combine(_top, "repo")).FullName;
        Home = Directory.CreateDirectory(Path.Combine(_top, "home")).FullName;
        Git("init", "--quiet");
    }

    public string Folder { get; }

    public string Home { get; }

    public HookSettings Settings { get; set; } = new() { WaitMs = 0 };

    /// <summary>Whether the agents' client has a screen: then it can wake them.</summary>
    public bool IsOnScreen { get; set; }

    public ShiftedClock Clock { get; } = new();

    /// <summary>The folder above repository and home: in no repository.</summary>
    public string Outside => _top;

    /// <summary>A path in the repository.</summary>
    public string At(string name) => Path.Combine(Folder, name);

    public void Put(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
    }

    public string Get(string name) => File.ReadAllText(At(name));

    /// <summary>A new session of a client.</summary>
    public Agent Agent(string client = "claude", int process = 0) => new(this, client, $"s{++_agents}", null) { Process = process };

    public Decision Decide(AgentEvent happened, int process, long started, HookSettings? settings, CancellationToken cancel)
    {
        using Places places = Open();
        return HookPolicy.Decide(new Hook
        {
            Happened = happened,
            Client = ClientTable.Find(happened.Client)!,
            Settings = settings ?? Settings,
            Places = places,
            Process = process,
            ProcessStarted = started,
            Environment = Environment,
            Program = "klock",
            Clock = Clock,
            Cancel = cancel,
        });
    }

    /// <summary>What is leased: agent, predicate and resource of each lease, by the store itself.</summary>
    public IReadOnlyList<string> Held(string? folder = null)
    {
        using LocalTransport transport = Transport(PlaceOf(folder ?? Folder));
        return
        [
            .. LongList.Ask(transport, Operation.ListLeases, []).Data.EnumerateArray()
                .Select(lease => $"{Text(lease, "agent_id")} {Text(lease, "predicate")} {Text(lease, "resource")}")
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Somebody takes an agent's leases away.</summary>
    public void Revoke(Agent agent)
    {
        using LocalTransport transport = Transport(PlaceOf(Folder));
        foreach (string lease in Remembered(memory => memory.LeasesOf(agent.Id)).Select(lease => lease.LeaseId))
        {
            Assert.True(transport.Ask(Operation.Release, Request.OnLease(lease)).Outcome.IsSuccess);
        }
    }

    /// <summary>The priorities of the agents, by the store itself.</summary>
    public IReadOnlyDictionary<string, long> Priorities()
    {
        using LocalTransport transport = Transport(PlaceOf(Folder));
        return LongList.Ask(transport, Operation.ListAgents, []).Data.EnumerateArray()
            .ToDictionary(agent => Text(agent, "agent_id"), agent => agent.GetProperty("priority").GetInt64(), StringComparer.Ordinal);
    }

    /// <summary>Hooks forget an agent, the store does not.</summary>
    public void Forget(Agent agent) => Remembered(memory =>
    {
        memory.ForgetSession(agent.Id);
        return true;
    });

    /// <summary>What hooks remember of the repository.</summary>
    public T Remembered<T>(Func<AgentMemory, T> look)
    {
        using var memory = AgentMemory.Open(PlaceOf(Folder));
        return look(memory);
    }

    /// <summary>Which of the staged files are not the committer's: "held" or "changed", the file, whose.</summary>
    /// <param name="agent">The agent that the environment names; null for a person.</param>
    /// <param name="folder">The work tree; the usual one unless it is said.</param>
    public IReadOnlyList<string> OthersInCommit(string? agent, string folder = ".")
    {
        string top = Path.GetFullPath(Path.Combine(Folder, folder));
        StorePlace where = PlaceOf(top);
        using var place = new Place(where, at => new CoordinatorLeases(new TransportCoordinator(Transport(at))), AgentMemory.Open(where));
        var committer = Committer.Find(agent, place);
        var guard = new CommitGuard(place, top, committer, Environment, Clock.GetUtcNow().ToUnixTimeMilliseconds());
        return [.. guard.Find(Commit.Read(top, Environment).Files)
            .Select(other => $"{(other.IsHeld ? "held" : "changed")} {other.File.Name} {other.Agent}")];
    }

    public string Git(params string[] arguments) =>
        Run("git", ["-C", Folder, "-c", "user.name=t", "-c", "user.email=t@example.org", .. arguments]);

    /// <summary>Runs what a message says brings content back.</summary>
    public void Shell(string command) => Run("sh", ["-c", $"cd '{Folder}' && {command}"]);

    /// <summary>Waits until something is so; half a minute is a failure.</summary>
    public static void Until(Func<bool> isSo)
    {
        for (int i = 0; !isSo(); i++)
        {
            Assert.True(i < 3_000, "not so after 30 s");
            Thread.Sleep(10);
        }
    }

    public StorePlace PlaceOf(string folder) => Locator.Here(folder, Environment).Place!;

    public void Dispose() => Directory.Delete(_top, recursive: true);

    public string? Environment(string name) => name switch
    {
        "HOME" => Home,
        "CLAUDE_CODE_ENTRYPOINT" when IsOnScreen => "cli",
        _ => null,
    };

    private Places Open() => new(place => new CoordinatorLeases(new TransportCoordinator(Transport(place))), Environment);

    private static LocalTransport Transport(StorePlace place) =>
        (LocalTransport)AddressChooser.Default(place).Open(LeaseBinding.None);

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd(), error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
        return output;
    }
}
