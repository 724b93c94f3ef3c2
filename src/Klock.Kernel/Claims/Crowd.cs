using Klock.Kernel.Predicates;
using Klock.Kernel.Undo;

namespace Klock.Kernel.Claims;

/// <summary>An index of the claims on a name that many claim: a line for all claims that conflict with the same requests.</summary>
internal sealed class Crowd
{
    /// <summary>Above this number of claims a name gets its lines; below it, walking the list costs less.</summary>
    public const int Above = 32;

    // By strength; those of exact names come before those of subtrees.
    private readonly Line[] _lines = new Line[2 * Compatibility.Strengths];

    /// <summary>The crowd of a name's claims.</summary>
    public Crowd(ResourceNode node, UndoLog undo)
    {
        for (int i = 0; i < _lines.Length; i++)
        {
            _lines[i] = new Line(node, i % Compatibility.Strengths, isSubtree: i >= Compatibility.Strengths, undo);
        }

        // The node's list has the newest claim first, a line the oldest.
        var claims = new Stack<Claim>();
        for (Claim? claim = node.FirstClaim; claim is not null; claim = claim.NextOnNode)
        {
            claims.Push(claim);
        }

        foreach (Claim claim in claims)
        {
            Add(claim);
        }
    }

    public void Add(Claim claim) => LineOf(claim).Add(claim);

    public void Remove(Claim claim) => LineOf(claim).Remove(claim);

    /// <summary>All lines, empty ones included.</summary>
    public IReadOnlyList<Line> Lines => _lines;

    /// <summary>The line that a claim on this name stands in.</summary>
    public Line LineOf(Claim claim) => _lines[claim.Strength + (claim.Resource.IsSubtree ? Compatibility.Strengths : 0)];

    /// <summary>Passes the lines that conflict with a request of this strength to the visitor. Returns whether to continue.</summary>
    public bool Visit(int strength, bool subtreesOnly, IClaimVisitor visitor)
    {
        for (int i = subtreesOnly ? Compatibility.Strengths : 0; i < _lines.Length; i++)
        {
            Line line = _lines[i];
            if (Compatibility.StrengthsConflict(line.Strength, strength) && line.Count > 0 && !visitor.VisitLine(line))
            {
                return false;
            }
        }

        return true;
    }
}
