using Klock.Cli.Failures;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Running;

/// <summary>The command of <c>klock run</c>: made before there are leases, let go once there are.</summary>
/// <remarks>
/// All but <see cref="Kill"/> and <see cref="Stop"/> is for the thread that made it, which must last as long: the system ends the command
/// with it.
/// </remarks>
internal sealed class Child : IDisposable
{
    private readonly string _program;
    private readonly Lock _lock = new();
    private bool _hasStarted;
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

    /// <summary>Whether it has become the command. Thread-safe.</summary>
    public bool HasStarted => Volatile.Read(ref _hasStarted);

    /// <summary>Whether its group was ended, or never let go, because its leases were over.</summary>
    public bool IsLate { get; private set; }

    /// <summary>Lets it become the command, if its leases still last at that very moment.</summary>
    /// <param name="environment">NAME=value, on top of this process's own.</param>
    /// <param name="clock">The number of the clock that its leases are counted by.</param>
    /// <param name="untilNs">When they are over on that clock, in ns.</param>
    /// <param name="endsWhenLate">Whether its group is ended then, also when it has started.</param>
    /// <returns>False when it was too late.</returns>
    /// <exception cref="CliFailure">It cannot be run.</exception>
    public bool TryGo(string[] environment, int clock, long untilNs, bool endsWhenLate)
    {
        int problem = NativeCalls.LetChildGo(Group, environment, clock, untilNs, endsWhenLate);
        IsLate = problem == NativeCalls.Late;
        Volatile.Write(ref _hasStarted, problem == 0);
        return IsLate ? false : problem == 0 ? true : throw Failure(problem);
    }

    /// <summary>Blocks until it has ended; returns its exit code, 128 + n when signal n ended it.</summary>
    public int End()
    {
        NativeCalls.WaitForChild(Group);
        return Reap();
    }

    /// <summary>Sends a signal to its whole group, whether it was let go or not. Thread-safe.</summary>
    public void Kill(int signal)
    {
        lock (_lock)
        {
            if (!_ended)
            {
                // It may have ended by itself just now, which is as good. What stands still would not hear.
                _ = NativeCalls.Kill(-Group, signal);
                _ = NativeCalls.Kill(-Group, NativeCalls.SigContinue);
            }
        }
    }

    /// <summary>Stops its whole group and this process, until that is continued. Thread-safe.</summary>
    public void Stop() => NativeCalls.StopChild(Group);

    /// <summary>Ends it, if it was never let go.</summary>
    public void Dispose()
    {
        if (!_ended)
        {
            Reap();
        }
    }

    private int Reap()
    {
        lock (_lock)
        {
            _ended = true;
        }

        int code = NativeCalls.EndChild(Group, out bool isLate);
        IsLate |= isLate;
        return code;
    }

    private CliFailure Failure(int problem) => new(
        problem == NativeCalls.NoEntry ? ExitCode.NotFound : ExitCode.CannotExecute, ErrorCode.InvalidRequest,
        $"{_program} cannot be run: {NativeCalls.ErrorText(problem)}.");
}
