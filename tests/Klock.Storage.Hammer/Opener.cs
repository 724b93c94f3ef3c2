using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;

namespace Klock.Storage.Hammer;

/// <summary>Opens a file that is not there yet at the same moment as other processes do, takes a lease, and does so again.</summary>
internal static class Opener
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>0 when every round gave a lease; 1 when one did not; 2 when another process did not come to a round.</summary>
    public static int Run(string storePrefix, Witness witness, int processes, int rounds)
    {
        int row = witness.AddWorker();
        for (int round = 0; round < rounds; round++)
        {
            witness.Arrive();
            if (!SpinWait.SpinUntil(() => witness.Ready >= (long)processes * (round + 1), Patience))
            {
                return 2;
            }

            using LeaseCoordinator coordinator = LocalStores.Open($"{storePrefix}{round}", TimeProvider.System, KernelRandom.Shared);
            Heard reply = new Door(coordinator).Acquire($"agent-{row}", ("CUSTOM", $"{row}", "MUTATES"), 3_600_000);
            if (!reply.IsGranted)
            {
                Console.Error.WriteLine(reply.Text);
                return 1;
            }
        }

        return 0;
    }
}
