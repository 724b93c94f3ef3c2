using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Simulation.Tests.Bookkeeping;

/// <summary>All resources of one run, and which of them meet, looked up once.</summary>
internal sealed class Universe
{
    private readonly bool[,] _meet;

    public Universe(IEnumerable<(ResourceType Type, string Path, string? Namespace)> resources)
    {
        Places = [.. resources.Distinct().Select((one, index) => new Place(index, one.Type, one.Path, one.Namespace))];
        _meet = new bool[Places.Count, Places.Count];
        foreach (Place a in Places)
        {
            foreach (Place b in Places)
            {
                _meet[a.Index, b.Index] = a.Meets(b);
            }
        }
    }

    public IReadOnlyList<Place> Places { get; }

    public bool Clash(in Want a, in Want b) => _meet[a.Place.Index, b.Place.Index] && Clashes.Between(a.Predicate, b.Predicate);

    /// <summary>SPEC KLIS-2 as it is written: the compatible pairs are named, all others conflict.</summary>
    private static class Clashes
    {
        private static readonly bool[,] _table = Table();

        public static bool Between(Predicate a, Predicate b) => _table[(int)a, (int)b];

        private static bool[,] Table()
        {
            Predicate[] all = Enum.GetValues<Predicate>();
            var table = new bool[all.Length, all.Length];
            foreach (Predicate a in all)
            {
                foreach (Predicate b in all)
                {
                    table[(int)a, (int)b] = !((Reads(a) && Reads(b)) || ProvidesBeside(a, b) || ProvidesBeside(b, a));
                }
            }

            return table;
        }

        private static bool Reads(Predicate predicate) => predicate is Predicate.Consumes or Predicate.DependsOn;

        private static bool ProvidesBeside(Predicate a, Predicate b) => a == Predicate.Provides && Reads(b);
    }
}
