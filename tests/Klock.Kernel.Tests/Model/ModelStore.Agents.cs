using Klock.Kernel.Tests.Sequences;

namespace Klock.Kernel.Tests.Model;

/// <content>SPEC KLIS-3: who is how old.</content>
internal sealed partial class ModelStore
{
    public Answer Register(string agent, ulong priority, long nowMs)
    {
        Begin(nowMs);
        if (_agents.TryGetValue(agent, out ulong known) && known == priority)
        {
            return Answer.Done;
        }

        if (Held.Any(lease => lease.Ask.Agent == agent))
        {
            return Answer.AgentBusy;
        }

        Store(agent, priority);
        return Answer.Done;
    }

    private ModelSeniority SeniorityOf(string agent, string session) =>
        new(_agents.GetValueOrDefault(agent, (ulong)_nowMs), agent, session);

    private ModelSeniority SeniorityOf(ModelLease lease) => SeniorityOf(lease.Ask.Agent, lease.Ask.Session);
}
