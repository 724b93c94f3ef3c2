using Klock.Simulation.Tests.Commands;

namespace Klock.Simulation.Tests;

/// <summary>Leaves out commands of a failing run as long as it still fails ("delta debugging", Zeller and Hildebrandt 2002).</summary>
internal static class Shrinker
{
    private const int MostReplays = 3_000;

    /// <param name="commands">The run; null stands for a failover.</param>
    /// <param name="newWorld">Makes the world it starts in.</param>
    /// <returns>What is left; nothing when the commands alone do not make it fail.</returns>
    public static List<Command?> Shrink(List<Command?> commands, Func<World> newWorld)
    {
        if (FailsAt(commands, newWorld()) is null)
        {
            return [];
        }

        List<Command?> shortest = commands;
        int replays = 0;
        for (int chunk = shortest.Count / 2; chunk > 0; chunk /= 2)
        {
            for (int start = shortest.Count - chunk; start >= 0 && replays < MostReplays; start -= chunk)
            {
                List<Command?> shorter = [.. shortest.Take(start), .. shortest.Skip(start + chunk)];
                replays++;
                if (FailsAt(shorter, newWorld()) is { } step)
                {
                    shortest = [.. shorter.Take(step + 1)];
                    start = Math.Min(start, shortest.Count);
                }
            }
        }

        FailsAt(shortest, newWorld());
        return shortest;
    }

    private static int? FailsAt(List<Command?> commands, World world)
    {
        for (int i = 0; i < commands.Count; i++)
        {
            try
            {
                Run(commands[i], world);
            }
            catch (Violation)
            {
                return i;
            }
        }

        return null;
    }

    private static void Run(Command? command, World world)
    {
        if (command is null)
        {
            world.Failover();
        }
        else
        {
            world.Run(command);
        }
    }
}
