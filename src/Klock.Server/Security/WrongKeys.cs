using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Klock.Server.Security;

/// <summary>Limits how many keys an address can try. Thread-safe.</summary>
/// <remarks>
/// While an address is over the limit, its keys are not judged, so that it learns nothing of keys that it has not; a right one is refused
/// too. Two things keep that from locking out agents: a key that was right from the same address before stays right, and a wrong one that
/// is sent again, as by an agent with an old key, counts once. So who shares an address with an agent, as behind a proxy, can try without
/// a limit whether a key is that agent's: against that, keys are long.
/// </remarks>
internal sealed class WrongKeys(TimeProvider time)
{
    /// <summary>How many wrong keys an address may try at once.</summary>
    public const int Burst = 20;

    /// <summary>How soon it may try one more.</summary>
    public static readonly TimeSpan OneMore = TimeSpan.FromSeconds(3);

    // Of /64s with IPv6. An attacker who has more has more tries anyway.
    private const int MostAddresses = 4_096;

    private readonly ConcurrentDictionary<IPAddress, Source> _sources = new();

    /// <summary>Counts a key that was presented.</summary>
    /// <param name="address">Where from; null for a Unix socket, which only its owner reaches.</param>
    /// <param name="key">The key.</param>
    /// <param name="isRight">Whether it is one of the server's.</param>
    /// <returns>How long to wait, when it is not to be judged; else null.</returns>
    public TimeSpan? Judge(IPAddress? address, ReadOnlySpan<byte> key, bool isRight)
    {
        if (address is null)
        {
            return null;
        }

        // Its seed is random in each process, so nobody can make up keys that count as one.
        var hash = new HashCode();
        hash.AddBytes(key);
        return SourceOf(NetworkOf(address)).Judge(hash.ToHashCode(), isRight, time);
    }

    private Source SourceOf(IPAddress network)
    {
        if (_sources.TryGetValue(network, out Source? known))
        {
            return known;
        }

        if (_sources.Count >= MostAddresses)
        {
            _sources.Clear();
        }

        return _sources.GetOrAdd(network, static (_, now) => new Source(now), time.GetTimestamp());
    }

    private static IPAddress NetworkOf(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }

    private sealed class Source(long startedAt)
    {
        private const int MostRemembered = 64;

        private readonly Lock _lock = new();
        private readonly ConcurrentDictionary<int, bool> _right = new();
        private readonly Queue<int> _wrong = new();
        private double _left = Burst;
        private long _countedAt = startedAt;

        public TimeSpan? Judge(int key, bool isRight, TimeProvider time)
        {
            if (isRight && _right.ContainsKey(key))
            {
                return null;
            }

            lock (_lock)
            {
                Refill_NeedsLock(time);
                if (!isRight && _wrong.Contains(key))
                {
                    return null;
                }

                if (_left < 1)
                {
                    return OneMore * (1 - _left);
                }

                if (isRight)
                {
                    _right[key] = true;
                    return null;
                }

                _left--;
                _wrong.Enqueue(key);
                if (_wrong.Count > MostRemembered)
                {
                    _wrong.Dequeue();
                }

                return null;
            }
        }

        private void Refill_NeedsLock(TimeProvider time)
        {
            long now = time.GetTimestamp();
            _left = Math.Min(Burst, _left + (time.GetElapsedTime(_countedAt, now) / OneMore));
            _countedAt = now;
        }
    }
}
