using System.Text;

namespace Klock.Native.Bench;

/// <summary>How the cost of acquire + release grows with what others hold, and what it is beside an echo of the same request.</summary>
internal sealed class Scaling(BenchedKlock klock)
{
    private const int Rounds = 15;
    private const int CallsARound = 20_000;
    private const double GrowthGoal = 1.5;
    private const double EchoGoal = 3;

    private static readonly int[] Held = [0, 1_000, 100_000];
    private static readonly byte[] Request = Json("bench", "/src/module/auth.ts");

    public void Run()
    {
        Console.WriteLine($"libklock through its C interface, one thread, best of {Rounds} rounds of {CallsARound:N0} calls, memory store");
        var pairs = new double[Held.Length];
        for (int i = 0, held = 0; i < Held.Length; i++)
        {
            for (; held < Held[i]; held++)
            {
                klock.Hold(Json("other", $"/held/{held % 100}/{held}"));
            }

            pairs[i] = Best(() => klock.AcquireAndRelease(Request));
            Console.WriteLine($"  acquire + release, {held,7:N0} other leases held  {pairs[i],7:N0} ns");
        }

        double echo = Best(() => klock.Echo(Request));
        Console.WriteLine($"  JSON echo of the acquire request              {echo,7:N0} ns");
        Tell("100,000 held / none held", pairs[^1] / pairs[0], GrowthGoal, "at most");
        Tell("acquire + release / echo", pairs[0] / echo, EchoGoal, "under");
    }

    private static void Tell(string what, double ratio, double goal, string bound) =>
        Console.WriteLine($"  ratio {what,-28} {ratio,5:F2}   goal: {bound} {goal:F1}, {(ratio <= goal ? "met" : "MISSED")}");

    // The best round is what the code costs; the others also have what else the machine was doing.
    private static double Best(Action call)
    {
        double best = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long start = TimeProvider.System.GetTimestamp();
            for (int i = 0; i < CallsARound; i++)
            {
                call();
            }

            best = Math.Min(best, TimeProvider.System.GetElapsedTime(start).TotalNanoseconds / CallsARound);
        }

        return best;
    }

    private static byte[] Json(string agent, string path) => Encoding.UTF8.GetBytes(
        $$"""{"agent_id":"{{agent}}","session_id":"session-1","resource_type":"FILE",""" +
        $$"""
        "resource_path":"{{path}}","predicate":"MUTATES","ttl":3600000}
        """ + '\0');
}
