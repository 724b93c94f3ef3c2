namespace Klock.Cli.Running;

/// <summary>The command of <c>klock run</c>: made before there are leases, let go once there are.</summary>
/// <remarks>
/// All but <see cref="Kill"/> is for the thread that made it, which must last as long: the system ends the command with it.
/// </remarks>
internal sealed class Child : IDisposable
{
    private readonly string _program;
    private readonly Lock _lock = new();
    private bool _runs;
    private bool _ended;

    /// <summary>Makes it; it waits.</summary>
    /// <exception cref="CliFailure">There can be no more processes.</exception>
    public Child(string[] command)
    {
        _program = command[0];
        int problem = NativeCalls.PrepareChild(command, out int pid);
        Group = pid;
        _ended = pid == 0;
        if (problem != 0)
        {
            Dispose();
            throw Failure(problem);
        }
    }

    /// <summary>Its process group, which has its own process id.</summary>
    public int Group { get; }

    /// <summary>Lets it become the command.</summary>
    /// <param name="environment">NAME=value, on top of this process's own.</param>
    /// <param name="isStillWanted">Asked at the last moment, while <see cref="Kill"/> waits.</param>
    /// <returns>False when it is not wanted any more.</returns>
    /// <exception cref="CliFailure">It cannot be run.</exception>
    public bool TryGo(string[] environment, Func<bool> isStillWanted)
    {
        int problem;
        lock (_lock)
        {
            if (!isStillWanted())
            {
                return false;
            }

            problem = NativeCalls.LetChildGo(Group, environment);
            _runs = problem == 0;
        }

        return problem == 0 ? true : throw Failure(problem);
    }

    /// <summary>Blocks until it has ended; returns its exit code, 128 + n when signal n ended it.</summary>
    public int End()
    {
        NativeCalls.WaitForChild(Group);
        lock (_lock)
        {
            _runs = false;
        }

        _ended = true;
        return NativeCalls.EndChild(Group);
    }

    /// <summary>Sends a signal to its whole group, if it runs. Thread-safe.</summary>
    public void Kill(int signal)
    {
        lock (_lock)
        {
            if (_runs)
            {
                // It may have ended by itself just now, which is as good.
                _ = NativeCalls.Kill(-Group, signal);
            }
        }
    }

    /// <summary>Ends it, if it was never let go.</summary>
    public void Dispose()
    {
        if (!_ended)
        {
            _ended = true;
            _ = NativeCalls.EndChild(Group);
        }
    }

    private CliFailure Failure(int problem) => new(
        problem == NativeCalls.NoEntry ? ExitCode.NotFound : ExitCode.CannotExecute,
        $"{_program} cannot be run: {NativeCalls.ErrorText(problem)}.");
}
