using System.Buffers.Binary;
using System.Globalization;
using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;
using Npgsql;

namespace Klock.Storage.Postgres;

/// <summary>Tells when something was appended. Only a hint: what it does not hear of, an append finds.</summary>
internal sealed class HeadListener : IDisposable
{
    private const int IdBytes = 16;

    private readonly Database _database;
    private readonly string _channel;
    private readonly Action<HeadMove?> _moved;
    private readonly Recurring _listening;

    /// <param name="database">The database.</param>
    /// <param name="channel">Where appends are told of.</param>
    /// <param name="moved">Called, on any thread.</param>
    public HeadListener(Database database, string channel, Action<HeadMove?> moved)
    {
        _database = database;
        _channel = channel;
        _moved = moved;
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
        connection.Notification += (_, told) => _moved(Read(told.Payload));
        await using var listen = new NpgsqlCommand($"listen {_channel}", connection);
        await listen.ExecuteNonQueryAsync(cancel);

        // What was appended while nobody listened.
        _moved(null);
        while (true)
        {
            await connection.WaitAsync(cancel);
        }
    }

    // The writer in hex, and the number of the last event.
    private static HeadMove? Read(string told) =>
        told.Split(' ') is [{ Length: 2 * IdBytes } writer, var sequence]
        && UInt128.TryParse(writer, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 id)
        && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out long last)
            ? new HeadMove(new LeaseId(BinaryPrimitives.ReverseEndianness(id)), last)
            : null;
}
