using Klock.Agents.Commits;
using Klock.Agents.Leases;
using Klock.Agents.Memory;
using Klock.Agents.Policy;
using Klock.Agents.Processes;
using Klock.Agents.Settings;
using Klock.Cli.Failures;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Cli.Running;
using Klock.Client.Places;

namespace Klock.Cli.Hooks;

/// <summary>
/// One call of <c>klock hook git</c>, from a hook of git. Agents' commits are refused when they take in what is others', people's are
/// warned.
/// </summary>
internal static class GitHookRun
{
    /// <summary>What the hook's argument names beside clients.</summary>
    public const string Name = "git";

    private const string Before = "pre-commit";
    private const string After = "post-commit";

    /// <summary>Runs a hook.</summary>
    /// <param name="name">Its name, as git's folder of hooks has it.</param>
    /// <returns>The exit code; a commit goes on with 0.</returns>
    public static int Run(string name)
    {
        if (name is not (Before or After))
        {
            throw CliFailure.Usage($"there is no git hook '{name}' of klock: it must be {Before} or {After}.");
        }

        string? agent = IdentityOptions.OfEnvironment();
        HookSettings settings = new();
        try
        {
            if (Environment.GetEnvironmentVariable("KLOCK_HOOKS") == "off")
            {
                return ExitCode.Done; // whatever else is wrong with the settings
            }

            // githooks(5): at the top of the work tree.
            string top = WorkingDirectory.Current().Path;
            settings = HookSettings.In(top, Environment.GetEnvironmentVariable);
            return !settings.IsOn || (name == After && agent is null) ? ExitCode.Done : Run(name, top, agent, settings);
        }
        catch (Exception failure)
        {
            HookTrouble.Count();
            bool blocks = name == Before && agent is not null && settings.BlocksOnFailure;
            Out.Complain($"git {name}: {HookTrouble.Of(failure).TrimEnd('.')}. {(blocks
                ? "So the commit was refused: klock doctor shows what is wrong, and KLOCK_HOOKS=off turns the hooks off."
                : "The commit was not checked.")}");
            return blocks ? ExitCode.CommitRefused : ExitCode.Done;
        }
    }

    private static int Run(string name, string top, string? agent, HookSettings settings)
    {
        if (Locator.Here(top, settings.Variable).Place is not { } where)
        {
            throw CliFailure.Usage($"there is no default store, because {UserHome.Variable} is not set.");
        }

        var git = ClientProcess.FindAbove("git");
        using var place = new Place(where, at => HookStores.Open(at, git.Id, top), AgentMemory.Open(where));
        var lease = new IndexLease(place, git);
        if (name == After)
        {
            lease.End();
            return ExitCode.Done;
        }

        var committer = Committer.Find(agent, place);
        if (!committer.IsPerson && !committer.HasIndex && Wait(lease, committer, top, settings) is { } refusal)
        {
            Out.Say(refusal);
            return ExitCode.CommitRefused;
        }

        // Only now: while it waited, somebody else may have staged something.
        var commit = Commit.Read(top, settings.Variable);
        long nowMs = NowMs();
        IReadOnlyList<OthersFile> others = new CommitGuard(place, top, committer, settings.Variable, nowMs).Find(commit.Files);
        if (others.Count == 0)
        {
            return ExitCode.Done;
        }

        place.Memory.Count(committer.IsPerson ? "commits_warned" : "commits_refused", nowMs);
        Out.Say(new CommitText(committer.IsPerson, commit.Prefix, commit.Index).OthersFiles(others, commit.Files));
        if (committer.IsPerson)
        {
            return ExitCode.Done;
        }

        lease.End();
        return ExitCode.CommitRefused;
    }

    // Where git has locked the index itself, nobody else can get on, and to wait here would make their git commands fail.
    private static string? Wait(IndexLease lease, Committer committer, string top, HookSettings settings)
    {
        using var signals = new Signals(listens: true);
        long start = TimeProvider.System.GetTimestamp();
        AcquireAnswer? Take(long waitMs) => lease.Take(committer, top, HookStores.CanBind, waitMs, NowMs(), signals.Token);
        if (Take(0) is not { } first || Commit.IsTemporary(Environment.GetEnvironmentVariable))
        {
            return null;
        }

        string head = Commit.Head(top);
        if ((settings.WaitMs == 0 ? first : Take(settings.WaitMs)) is { } refusal)
        {
            return CommitText.IndexInUse(refusal, (long)TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        }

        if (Commit.Head(top) == head)
        {
            return null;
        }

        lease.End();
        return CommitText.Overtaken;
    }

    private static long NowMs() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
