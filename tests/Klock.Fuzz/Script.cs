using System.Text;
using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Protocol;
using Klock.Coordinator.Stores;
using Klock.Coordinator.Waits;
using Klock.Kernel.Claims;
using Klock.Native.Testing;

namespace Klock.Fuzz;

/// <summary>
/// One input: a line each request. Its first byte says what is asked, the rest is the JSON as a caller would hand it over.
/// </summary>
/// <remarks>
/// <c>a</c> to <c>n</c> are the operations in their order, <c>o</c> are the options of an open, <c>p</c> is a canonical path, and
/// <c>t</c> lets time pass: its rest counts the ms in digits. Everything else is skipped, so that no input is invalid as a whole.
/// </remarks>
internal sealed class Script
{
    private const int MostLines = 64;
    private const long StartMs = 1_700_000_000_000;
    private static readonly int s_operations = Enum.GetValues<Operation>().Length;

    private readonly TestClock _clock = new(StartMs);
    private readonly LeaseCoordinator _coordinator;
    private readonly Reply _reply = new();
    private readonly List<PendingWait> _waits = [];

    private Script() => _coordinator = new LeaseCoordinator(new MemoryStore(_clock, new LeaseId(1)), new CountedIds());

    /// <summary>Runs an input against a new memory store.</summary>
    /// <exception cref="BrokenRuleException">An answer breaks a rule.</exception>
    public static void Run(ReadOnlySpan<byte> input)
    {
        var script = new Script();
        int lines = 0;
        foreach (Range range in input.Split((byte)'\n'))
        {
            if (++lines > MostLines)
            {
                break;
            }

            script.RunLine(input[range]);
        }

        script.Finish();
    }

    private void RunLine(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            return;
        }

        ReadOnlySpan<byte> json = line[1..];
        int operation = line[0] - 'a';
        switch (line[0])
        {
            case (byte)'t':
                _clock.NowMs += Digits(json);
                CollectWaits();
                break;
            case (byte)'o':
                Expect.KlockExceptionOrNothing(json, static text => OpenOptions.Parse(text));
                break;
            case (byte)'p':
                Expect.KlockExceptionOrNothing(json, text => CanonicalPath.Execute(text, _reply));
                break;
            default:
                if (operation >= 0 && operation < s_operations)
                {
                    Ask((Operation)operation, json);
                }

                break;
        }
    }

    private void Ask(Operation operation, ReadOnlySpan<byte> json)
    {
        string before = State();
        PendingWait? wait = _coordinator.Begin(operation, json, _reply);
        if (wait is not null)
        {
            _waits.Add(wait);
        }
        else if (Expect.Answer(_reply.Utf8) == AnswerKind.BadRequest && State() is { } after && after != before)
        {
            throw new BrokenRuleException($"{operation} was answered INVALID_REQUEST and changed the state from {before} to {after}");
        }

        CollectWaits();
    }

    private void CollectWaits() => _waits.RemoveAll(wait =>
    {
        if (!_coordinator.TryFinish(wait, _reply, out _))
        {
            return false;
        }

        Expect.Answer(_reply.Utf8);
        return true;
    });

    // All that a caller can see, less the events: time alone makes some of those.
    private string State() => Text(Operation.ListLeases) + Text(Operation.ListAgents);

    private string Text(Operation operation)
    {
        _coordinator.Begin(operation, "{}"u8, _reply);
        Expect.Answer(_reply.Utf8);
        return Encoding.UTF8.GetString(_reply.Utf8);
    }

    private void Finish()
    {
        foreach (PendingWait wait in _waits)
        {
            _coordinator.Cancel(wait);
        }

        Text(Operation.Events);
        _coordinator.Dispose();
    }

    private static long Digits(ReadOnlySpan<byte> text)
    {
        const long Most = 100L * 365 * 24 * 60 * 60 * 1000;
        long value = 0;
        foreach (byte digit in text)
        {
            value = char.IsAsciiDigit((char)digit) ? Math.Min(Most, (value * 10) + digit - '0') : value;
        }

        return value;
    }
}
