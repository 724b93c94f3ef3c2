using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;

namespace Klock.Storage.Hammer;

/// <summary>Takes leases, more and more, until the disk will not hold them.</summary>
internal static class Filler
{
    private const int MostLeases = 20_000, FailuresThatAreEnough = 20;
    private const long OneDayMs = 86_400_000;

    /// <summary>0 when the store began to refuse, 1 when it never did.</summary>
    public static int Run(string store, Diary diary)
    {
        using LeaseCoordinator coordinator = LocalStores.Open(store, TimeProvider.System, KernelRandom.Shared);
        var door = new Door(coordinator);
        string note = new('n', 1_000);
        int failures = 0;
        for (int i = 0; i < MostLeases && failures < FailuresThatAreEnough; i++)
        {
            Heard reply = door.Acquire("a", ("CUSTOM", $"{i}", "MUTATES"), OneDayMs, note);
            if (reply.IsGranted)
            {
                diary.Granted(reply);
            }
            else
            {
                failures++;
                diary.Refused(reply.Verdict);
            }
        }

        return failures == FailuresThatAreEnough ? 0 : 1;
    }
}
