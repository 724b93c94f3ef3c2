using System.Text;

namespace Klock.Kernel.Tests.Model;

/// <summary>SPEC KLIS-3: seniority is (priority, agent_id, session_id), ids by their UTF-8 bytes. The oldest sorts first.</summary>
internal readonly record struct ModelSeniority(ulong Priority, string Agent, string Session)
{
    public static Comparer<ModelSeniority> OldestFirst { get; } = Comparer<ModelSeniority>.Create(Compare);

    public bool IsOlderThan(ModelSeniority other) => Compare(this, other) < 0;

    public static int CompareBytes(string a, string b) =>
        Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));

    private static int Compare(ModelSeniority a, ModelSeniority b)
    {
        int byPriority = a.Priority.CompareTo(b.Priority);
        int byAgent = CompareBytes(a.Agent, b.Agent);
        return byPriority != 0 ? byPriority : byAgent != 0 ? byAgent : CompareBytes(a.Session, b.Session);
    }
}
