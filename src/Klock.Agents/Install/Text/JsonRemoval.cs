namespace Klock.Agents.Install.Text;

/// <summary>How a member is taken out of a container: with its comma and the blanks before it, and without the comments around
/// it.</summary>
internal static class JsonRemoval
{
    /// <summary>Takes out the member at a place.</summary>
    public static Splices Of(JsonLayout layout, JsonSpan container, int index)
    {
        JsonMember member = container.Members[index];
        int start = layout.BackOverBlanks(member.Start);
        int end = member.Value.End;
        int comma = layout.SkipTrivia(end);
        bool hasComma = layout.Bytes[comma] == ',';
        Splices splices = new();
        if (container.Members.Count == 1 && start == container.Start + 1
            && layout.BackOverBlanks(container.End - 1) == (hasComma ? comma + 1 : end) && (!hasComma || comma == end))
        {
            return splices.Remove(start, container.End - 1);
        }

        if (!hasComma && index > 0)
        {
            int before = layout.SkipTrivia(container.Members[index - 1].Value.End);
            splices.Remove(before, before + 1);
        }

        // The line end after such a comment stays, unless another follows.
        if (layout.IsLineCommentEnd(start) && !StartsLine(layout, hasComma && comma == end ? comma + 1 : end))
        {
            start = layout.Bytes.AsSpan(start).IndexOf((byte)'\n') + start + 1;
        }

        // In one line, the first one's place is taken by the second.
        int blanks = hasComma ? comma + 1 : end;
        while (hasComma && start == member.Start && layout.Bytes[blanks] is (byte)' ' or (byte)'\t')
        {
            blanks++;
        }

        splices.Remove(start, end);
        return hasComma ? splices.Remove(comma, blanks) : splices;
    }

    private static bool StartsLine(JsonLayout layout, int at)
    {
        while (layout.Bytes[at] is (byte)' ' or (byte)'\t' or (byte)'\r')
        {
            at++;
        }

        return layout.Bytes[at] == '\n';
    }
}
