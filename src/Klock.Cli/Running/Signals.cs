using System.Runtime.InteropServices;

namespace Klock.Cli.Running;

/// <summary>The signals that ask this process to end: they cancel what it waits for, or go to its child.</summary>
internal sealed class Signals : IDisposable
{
    // By their numbers on Linux, as the child gets them: HUP, INT, QUIT, USR1, USR2, TERM.
    private static readonly int[] _numbers = [1, 2, 3, 10, 12, 15];

    private readonly List<PosixSignalRegistration> _registrations = [];

    // Never disposed: a second signal may be on its way to it while the program ends.
    private readonly CancellationTokenSource _cancel = new();
    private readonly Lock _lock = new();
    private Child? _receiver;

    /// <summary>Listens from now on, unless there is no need to: to leave a signal alone costs nothing.</summary>
    public Signals(bool listens)
    {
        foreach (int number in listens ? _numbers : [])
        {
            // nohup, and a shell for what it starts in the background, have a signal ignored: so it stays for us and our child.
            if (!NativeCalls.IsIgnored(number))
            {
                _registrations.Add(PosixSignalRegistration.Create((PosixSignal)number, context => Receive(context, number)));
            }
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _cancel.Token;

    /// <summary>The number of the first signal; null when there was none.</summary>
    public int? First { get; private set; }

    /// <summary>Signals go to this from now on, the one that stops too. False, and nothing is changed, when one has come already.</summary>
    public bool TrySendTo(Child receiver)
    {
        lock (_lock)
        {
            if (First is not null)
            {
                return false;
            }

            _receiver = receiver;
        }

        StopWith(receiver.Stop);
        return true;
    }

    /// <summary>The signal that stops (Ctrl-Z) does this instead from now on.</summary>
    public void StopWith(Action stop)
    {
        if (!NativeCalls.IsIgnored(NativeCalls.SigTerminalStop))
        {
            _registrations.Add(PosixSignalRegistration.Create((PosixSignal)NativeCalls.SigTerminalStop, context =>
            {
                context.Cancel = true;
                stop();
            }));
        }
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Receive(PosixSignalContext context, int number)
    {
        context.Cancel = true;
        Child? receiver;
        lock (_lock)
        {
            receiver = _receiver;
            First = receiver is null ? First ?? number : First;
        }

        if (receiver is not null)
        {
            receiver.Kill(number);
        }
        else
        {
            _cancel.Cancel();
        }
    }
}
