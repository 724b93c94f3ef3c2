using System.Text.Json;
using Klock.Agents.Claims;
using Klock.Agents.Leases;
using Klock.Agents.Policy;
using ModelContextProtocol.Protocol;

namespace Klock.Server.Mcp;

/// <summary>What the tools do.</summary>
internal sealed class Tools(ClaimDesk desk)
{
    // A model reads no longer list.
    private const int MostShown = 100;

    /// <summary>Whether a tool changes nothing.</summary>
    public static bool OnlyReads(string tool) => tool is ToolList.Status or ToolList.Why;

    /// <summary>Runs a tool for an agent.</summary>
    /// <exception cref="Klock.Coordinator.Protocol.KlockException">Something is wrong with the input, or with the store.</exception>
    public CallToolResult Run(string tool, ToolInput input, IClaimant who) => tool switch
    {
        ToolList.Status => Status(input, who),
        ToolList.Claim => Claim(input, who),
        ToolList.Release => Release(input, who),
        ToolList.Why => Why(input, who),
        _ => Note(input, who),
    };

    /// <summary>Who works on what.</summary>
    public CallToolResult Status(IClaimant who)
    {
        (IReadOnlyList<Claim> claims, IReadOnlyList<Claim> lost) = desk.Own(who);
        IReadOnlyList<ClaimStore> stores = who.Stores();
        IReadOnlyList<HeldResource> others = [.. stores.SelectMany(store => store.Leases.Held()).Where(held => held.AgentId != who.Agent)];
        IReadOnlyList<HeldResource> waiting = [.. stores.SelectMany(store => store.Leases.Waiting(resource: null))];
        int more = new[] { claims.Count, others.Count, waiting.Count }.Sum(count => Math.Max(0, count - MostShown));
        string[] lostNames = [.. lost.Select(claim => claim.Name)];
        string message = string.Join(
            ' ',
            ((string[])
            [
                claims.Count == 0 ? "You have claimed nothing."
                    : $"You have claimed {Messages.Names([.. claims.Select(claim => claim.Name)])}.",
                lost.Count == 0 ? "" : $"Over before you released them (revoked, or not renewed in time): {Messages.Names(lostNames)}; "
                    + "others may have changed them, read them again.",
                others.Count == 0 ? "No other agent holds anything." : $"Others hold {Listed(others)}.",
                waiting.Count == 0 ? "" : $"Waiting: {Listed(waiting)}.",
            ]).Where(sentence => sentence.Length > 0));
        return ToolAnswer.Of(message, json =>
        {
            json.WriteString("you"u8, who.Agent);
            json.WriteStartArray("claims"u8);
            foreach (Claim claim in claims.Take(MostShown))
            {
                json.WriteEntry(
                    claim.Agent, claim.Name, ClaimIntent.OfPredicate(claim.Predicate), isHeld: true, claim.SinceMs, claim.Note);
            }

            json.WriteEndArray();
            Write(json, "others", others, isHeld: true);
            Write(json, "waiting", waiting, isHeld: false);
            json.WriteNames("lost", lostNames);
            json.WriteNumber("more"u8, more);
        });
    }

    private CallToolResult Status(ToolInput input, IClaimant who)
    {
        input.RefuseOthers();
        return Status(who);
    }

    private CallToolResult Claim(ToolInput input, IClaimant who)
    {
        input.RefuseOthers("files", "intent", "wait_s", "note");
        (string predicate, long waitMs, string? note) = (input.Predicate(), input.WaitMs(), input.Note());
        ClaimAnswer answer = desk.Claim(who, [.. input.Files().Select(who.Find)], predicate, waitMs, note);
        string[] names = [.. answer.Files.Select(file => file.Name).Distinct()];
        return ToolAnswer.Of(ToolWords.Claimed(answer, names), json =>
        {
            json.WriteBoolean("claimed"u8, answer.Refusal is null);
            json.WriteNames("files", names);
            json.WriteNumber("waited_s"u8, answer.WaitedMs / 1000.0);
            if (answer.Refusal is not { } refusal)
            {
                return;
            }

            json.WriteString("reason"u8, refusal.Reason);
            json.WriteStartArray("in_the_way"u8);
            foreach (Obstacle obstacle in refusal.Obstacles)
            {
                json.WriteEntry(
                    obstacle.AgentId, Messages.Short(obstacle.Resource), intent: null, obstacle.IsHeld, sinceMs: null, obstacle.Note);
            }

            json.WriteEndArray();
        });
    }

    private CallToolResult Release(ToolInput input, IClaimant who)
    {
        input.RefuseOthers("files", "all");
        IReadOnlyList<string>? paths = input.FilesIfAny();
        if (input.Flag("all") == paths is not null)
        {
            throw ToolInput.Wrong("say either files, a list of paths, or all: true.");
        }

        IReadOnlyList<ClaimFile>? files = paths is null ? null : [.. paths.Select(who.Find)];
        IReadOnlyList<string> released = desk.Release(who, files);
        string[] missing = files is null ? [] : [.. files.Select(file => file.Name).Distinct().Except(released)];
        string message = (released.Count == 0 ? "Nothing was released." : $"Released: {Messages.Names(released)}.")
            + (missing.Length == 0 ? "" : $" You had not claimed {Messages.Names(missing)}.");
        return ToolAnswer.Of(message, json =>
        {
            json.WriteNames("released", released);
            json.WriteNames("not_claimed", missing);
        });
    }

    private static CallToolResult Why(ToolInput input, IClaimant who)
    {
        input.RefuseOthers("path");
        ClaimFile file = who.Find(input.Path());
        IReadOnlyList<HeldResource> held = file.Store.Leases.HeldAt(file.Resource), waiting = file.Store.Leases.Waiting(file.Resource);
        IReadOnlyList<HeldResource> others = [.. held.Where(each => each.AgentId != who.Agent)];
        return ToolAnswer.Of(ToolWords.Why(file.Name, held, others, waiting), json =>
        {
            json.WriteString("file"u8, file.Name);
            json.WriteBoolean("free"u8, others.Count == 0);
            json.WriteBoolean("yours"u8, others.Count < held.Count);
            Write(json, "holders", held, isHeld: true);
            Write(json, "waiting", waiting, isHeld: false);
        });
    }

    private CallToolResult Note(ToolInput input, IClaimant who)
    {
        input.RefuseOthers("files", "note");
        string note = input.Note() ?? throw ToolInput.Wrong("note is missing: it must be a text; an empty one takes a note away.");
        IReadOnlyList<ClaimFile> files = [.. input.Files().Select(who.Find)];
        IReadOnlyList<string> missing = desk.Note(who, files, note);
        return missing.Count > 0
            ? ToolAnswer.Error(
                $"files has what you have not claimed: {Messages.Names(missing)}. Claim it first (klock_claim takes a note too).")
            : ToolAnswer.Of($"Others will read this note when they ask for {Messages.Names([.. files.Select(file => file.Name)])}.", json =>
            {
                json.WriteNames("files", files.Select(file => file.Name).Distinct());
                json.WriteString("note"u8, note);
            });
    }

    private static string Listed(IReadOnlyList<HeldResource> held) =>
        Messages.Names([.. held.Select(each => $"{Messages.Short(each.Resource)} ({each.AgentId})").Distinct()]);

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<HeldResource> held, bool isHeld)
    {
        json.WriteStartArray(name);
        foreach (HeldResource each in held.Take(MostShown))
        {
            json.WriteEntry(
                each.AgentId, Messages.Short(each.Resource), ClaimIntent.OfPredicate(each.Predicate), isHeld, each.SinceMs, each.Note);
        }

        json.WriteEndArray();
    }
}
