namespace Klock.Kernel.Claims;

/// <summary>
/// Who is older (SPEC KLIS-3): a strict order, so that equal priorities cannot close a cycle. Negative when the first one is the older.
/// </summary>
internal static class Seniority
{
    /// <summary>Senior sessions first, among them the one whose request was parked earlier; then by agent, then by session id.</summary>
    public static int Compare(Session one, Session other)
    {
        if ((one.SeniorSince | other.SeniorSince) != 0)
        {
            return !other.IsSenior ? -1 : !one.IsSenior ? 1 : one.SeniorSince.CompareTo(other.SeniorSince);
        }

        int order = Compare(one.Agent, other.Agent);
        return order != 0 ? order : Utf8Order.Compare(one.Id, other.Id);
    }

    /// <summary>By priority, then by name, names by their UTF-8 bytes.</summary>
    public static int Compare(Agent one, Agent other) => Compare(one, other.Priority, other.Id);

    /// <summary>The same, with an agent that need not be there.</summary>
    public static int Compare(Agent one, ulong priority, string id)
    {
        int order = one.Priority.CompareTo(priority);
        return order != 0 ? order : Utf8Order.Compare(one.Id, id);
    }
}
