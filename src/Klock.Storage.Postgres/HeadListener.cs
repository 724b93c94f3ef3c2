using System.Buffers.Binary;
using System.Globalization;
using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;
using Klock.Storage.Journal;
using Npgsql;

namespace Klock.Storage.Postgres;

/// <summary>Tells when something was appended. Only a hint: what it does not hear of, an append finds.</summary>
internal sealed class HeadListener : IDisposable
{
    private const int IdBytes = 16;
    private const string FirstPlease = "first";

    private readonly Database _database;
    private readonly string _channel;
    private readonly Action<HeadMove?> _moved;
    private readonly Action<TurnWish> _asked;
    private readonly Recurring _listening;

    /// <param name="database">The database.</param>
    /// <param name="channel">Where appends are told of.</param>
    /// <param name="moved">Called, on any thread.</param>
    /// <param name="asked">Called when somebody asks to be let go first, on any thread.</param>
    public HeadListener(Database database, string channel, Action<HeadMove?> moved, Action<TurnWish> asked)
    {
        _database = database;
        _channel = channel;
        _moved = moved;
        _asked = asked;
        _listening = new Recurring(ListenUntilItBreaksAsync, TimeSpan.FromMilliseconds(300));
    }

    /// <summary>Starts it, unless it runs. Not thread-safe.</summary>
    public void Start() => _listening.Start();

    public void Dispose() => _listening.Dispose();

    private async Task ListenUntilItBreaksAsync(CancellationToken cancel)
    {
        // When it breaks it is opened again, to whichever host takes writes then.
        await _database.WorkAsync(connection => ListenAsync(connection, cancel), cancel);
    }

    private async Task<bool> ListenAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        connection.Notification += (_, told) => Tell(told.Payload);
        await using var listen = new NpgsqlCommand($"listen {_channel}", connection);
        await listen.ExecuteNonQueryAsync(cancel);

        // What was appended while nobody listened.
        _moved(null);
        while (true)
        {
            await connection.WaitAsync(cancel);
        }
    }

    /// <summary>What a store that was too late tells the others; one that does not know it takes it for a move that it knows nothing of.
    /// </summary>
    public static string Wish(JournalBatch late) => string.Create(
        CultureInfo.InvariantCulture,
        $"{BinaryPrimitives.ReverseEndianness(late.Id.Writer.Value):x32} {FirstPlease} {(long)late.Usual.TotalMicroseconds}");

    // The writer in hex, and the number of the last event or what it asks for.
    private void Tell(string told)
    {
        switch (told.Split(' '))
        {
            case [var writer, var sequence] when IdOf(writer) is { } id && NumberOf(sequence) is { } last:
                _moved(new HeadMove(id, last));
                break;
            case [var writer, FirstPlease, var usualUs] when IdOf(writer) is { } id && NumberOf(usualUs) is { } us:
                _asked(new TurnWish(id, StoredEvents.Duration(us)));
                break;
            default:
                _moved(null);
                break;
        }
    }

    private static LeaseId? IdOf(string hex) =>
        hex.Length == 2 * IdBytes && UInt128.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 id)
            ? new LeaseId(BinaryPrimitives.ReverseEndianness(id))
            : null;

    private static long? NumberOf(string digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
