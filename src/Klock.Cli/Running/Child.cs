using System.Runtime.Versioning;
using Klock.Cli.Failures;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Running;

/// <summary>The child process of <c>klock run</c>: forked before there are leases, started as the command once there are.</summary>
/// <remarks>
/// All but <see cref="Kill"/> and <see cref="Stop"/> is for the thread that made it, which must live as long: the system ends the command
/// with that thread.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class Child : IDisposable
{
    private readonly string _program;
    private readonly Lock _lock = new();
    private bool _hasStarted;
    private bool _ended;

    /// <summary>Forks it; it waits.</summary>
    /// <exception cref="CliFailure">No more processes can be made.</exception>
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

    /// <summary>Its process group, which has the same number as the process.</summary>
    public int Group { get; }

    /// <summary>Whether it has become the command. Thread-safe.</summary>
    public bool HasStarted => Volatile.Read(ref _hasStarted);

    /// <summary>Whether its group was ended, or never started, because its leases were over.</summary>
    public bool IsLate { get; private set; }

    /// <summary>Starts the command, if its leases still last at that very moment.</summary>
    /// <param name="environment">NAME=value, on top of this process's own.</param>
    /// <param name="clock">The number of the clock of its leases.</param>
    /// <param name="untilNs">When they are over on that clock, in ns.</param>
    /// <param name="endsWhenLate">Whether its group is ended at that time, also after it has started.</param>
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

    /// <summary>Sends a signal to its whole group, whether it has started or not. Thread-safe.</summary>
    public void Kill(int signal)
    {
        lock (_lock)
        {
            if (!_ended)
            {
                // It may have ended by itself just now, which is as good. A stopped process handles no signal, so it is continued.
                _ = NativeCalls.Kill(-Group, signal);
                _ = NativeCalls.Kill(-Group, NativeCalls.SigContinue);
            }
        }
    }

    /// <summary>Stops its whole group and this process, until this process is continued. Thread-safe.</summary>
    public void Stop() => NativeCalls.StopChild(Group);

    /// <summary>Ends it, if it was never started.</summary>
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
