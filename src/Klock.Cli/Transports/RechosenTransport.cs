using Klock.Cli.Failures;
using Klock.Client.Places;
using Klock.Coordinator.Protocol;
using Klock.Storage.Sqlite.Holders;

namespace Klock.Cli.Transports;

/// <summary>The transport to a server beside a store: when the server is gone it switches to the store itself.</summary>
/// <remarks>What the server held is there, since it serves that very store, so waiters and holders need not notice.</remarks>
/// <param name="address">Where it leads now.</param>
/// <param name="choose">Where it would lead if it were opened now.</param>
/// <param name="binding">Whose end ends the leases, on a store.</param>
internal sealed class RechosenTransport(Address address, Func<Address> choose, LeaseBinding binding) : ITransport
{
    private ITransport _transport = address.Open(binding);
    private Address _address = address;

    public bool IsServer => true;

    // The clock of a server is right for a store too: it never stops.
    public LeaseClock Clock => LeaseClock.BootTime;

    public Answer Ask(Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel = default)
    {
        try
        {
            return _transport.Ask(operation, request, cancel);
        }
        catch (Unreachable)
        {
            // The caller retries unless it gives up.
            Rechoose();
            throw;
        }
    }

    public void Dispose() => _transport.Dispose();

    private void Rechoose()
    {
        try
        {
            Address now = choose();
            if ((now.Kind, now.Text) != (_address.Kind, _address.Text))
            {
                ITransport transport = now.Open(binding);
                _transport.Dispose();
                (_transport, _address) = (transport, now);
            }
        }
        catch (Exception problem) when (problem is CliFailure or KlockException)
        {
            // The server may come back.
        }
    }
}
