using System.Globalization;
using System.Security.Cryptography;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Audit.Seals;

/// <summary>Reads what is sealed and makes its leaves. The order of the fields is frozen: another one is another form, with a version of its own.</summary>
internal static class SealedRows
{
    /// <summary>The form of an event's bytes.</summary>
    public const string EventForm = "plug1-event-1";

    /// <summary>The form of a ledger transaction's bytes.</summary>
    public const string TransactionForm = "plug1-transaction-1";

    /// <summary>What each entry begins with inside its transaction.</summary>
    public const string EntryForm = "entry";

    /// <summary>The fields of an event, in the order in which they are sealed.</summary>
    public const string EventColumns =
        "e.seq, e.id, e.at, e.user_id, e.user_name, e.roles, e.branch_id, e.device, e.address, e.function, e.action, e.object_kind, e.object_id, e.outcome, e.before_hash, e.after_hash, e.diff, e.reason, e.reason_text";

    /// <summary>How many fields an event has.</summary>
    public const int EventFields = 19;

    private const string HeadColumns = "t.id, t.document_id, t.branch_id, t.user_id, t.session_id, t.business_date, t.posted_at, t.reversal_of, t.memo";
    private const int HeadFields = 9;

    /// <summary>By what the events' order is kept while they are sealed: no event can still appear behind a mark that was safe.</summary>
    public static string EventMark(Engine engine) => engine == Engine.Sqlite ? "seq" : "tx";

    /// <summary>Writes an event read by <see cref="EventColumns"/>.</summary>
    public static CanonicalBytes Write(CanonicalBytes bytes, Row row, Engine engine)
    {
        bytes.Begin(EventForm).Add(row.Long(0));
        for (var at = 1; at < EventFields; at++) bytes.Add(row, at, engine);
        return bytes;
    }

    /// <summary>The leaf of an event.</summary>
    public static Leaf EventLeaf(CanonicalBytes bytes, Row row, Engine engine)
    {
        var hash = new byte[Merkle.HashLength];
        Write(bytes, row, engine).LeafHash(hash);
        return new Leaf(row.Guid(1), hash, []);
    }

    /// <summary>The leaves of ledger transactions, in the order of their mark and id.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="which">Which of <c>ledger_transaction t</c>.</param>
    /// <param name="keys">The accounts' keys, read as far as they are not known yet.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<List<Leaf>> TransactionLeaves(Db db, Sql which, AccountKeys keys, CancellationToken ct)
    {
        var leaves = new List<Leaf>();
        await Transactions(db, which, keys, (id, data, parts) => leaves.Add(new Leaf(id, CanonicalBytes.LeafHash(data), parts)), ct);
        return leaves;
    }

    /// <summary>The canonical bytes of one ledger transaction; null when there is none.</summary>
    public static async Task<byte[]?> TransactionData(Db db, Guid id, CancellationToken ct)
    {
        byte[]? found = null;
        await Transactions(db, $"t.id = {id}", new AccountKeys(), (_, data, _) => found = data.ToArray(), ct);
        return found;
    }

    private delegate void Take(Guid id, ReadOnlySpan<byte> data, byte[] parts);

    private static async Task Transactions(Db db, Sql which, AccountKeys keys, Take take, CancellationToken ct)
    {
        var bytes = new CanonicalBytes();
        var heads = db.Later($"select {Sql.Raw(HeadColumns)} from ledger_transaction t where {which} order by t.tx, t.id", row =>
        {
            bytes.Begin(TransactionForm);
            for (var at = 0; at < HeadFields; at++) bytes.Add(row, at, db.Engine);
            return (Id: row.Guid(0), Data: bytes.Data.ToArray());
        });
        var entries = db.Later($"""
            select t.id, e.line, e.account_id, e.amount, e.business_date, e.value_date, e.unit_id from ledger_transaction t join entry e on e.transaction_id = t.id
            where {which} order by t.tx, t.id, e.line
            """, row => new SealedEntry(row.Guid(0), row.Long(1), row.Long(2), row.Long(3), row.Date(4), row.Date(5), row.Long(6)));
        await db.Flush(ct);
        await keys.Learn(db, entries.Value, ct);
        Combine(heads.Value, entries.Value, keys, take);
    }

    private static void Combine(List<(Guid Id, byte[] Data)> heads, List<SealedEntry> entries, AccountKeys keys, Take take)
    {
        var (next, whole, one) = (0, new MemoryStream(), new CanonicalBytes());
        foreach (var (id, head) in heads)
        {
            var last = next;
            while (last < entries.Count && entries[last].Transaction == id) last++;
            var parts = new byte[(1 + last - next) * Leaves.PartLength];
            whole.SetLength(0);
            whole.Write(head);
            AddPart(parts, 0, head);
            for (var at = 1; next < last; next++, at++)
            {
                Write(one, entries[next], keys);
                whole.Write(one.Data);
                AddPart(parts, at, one.Data);
            }

            take(id, whole.GetBuffer().AsSpan(0, (int)whole.Length), parts);
        }
    }

    private static void Write(CanonicalBytes bytes, SealedEntry entry, AccountKeys keys)
    {
        var (role, account, unit, subject) = keys.Of(entry.Account);
        bytes.Begin(EntryForm).Add(entry.Line).Add(role).Add(account).Add(unit).Add(keys.Unit(entry.Unit)).Add(subject).Add(entry.Amount)
            .Add(entry.BusinessDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).Add(entry.ValueDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private static void AddPart(byte[] parts, int at, ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[Merkle.HashLength];
        SHA256.HashData(data, hash);
        hash[..Leaves.PartLength].CopyTo(parts.AsSpan(at * Leaves.PartLength));
    }
}

/// <summary>An entry as it is read for its transaction's leaf.</summary>
internal readonly record struct SealedEntry(Guid Transaction, long Line, long Account, long Amount, DateOnly BusinessDate, DateOnly ValueDate, long Unit);

/// <summary>What accounts and units are, in words that do not depend on the numbers that a database gives them.</summary>
internal sealed class AccountKeys
{
    private readonly Dictionary<long, (string Role, string Account, string Unit, string Subject)> accounts = [];
    private readonly Dictionary<long, string> units = [];

    /// <summary>Reads those of the accounts of entries that are not known yet.</summary>
    public async Task Learn(Db db, IReadOnlyList<SealedEntry> entries, CancellationToken ct)
    {
        var unknown = entries.Where(entry => !accounts.ContainsKey(entry.Account)).Select(entry => entry.Account).Distinct().ToList();
        var unnamed = entries.Where(entry => !units.ContainsKey(entry.Unit)).Select(entry => entry.Unit).Distinct().ToList();
        if (unknown.Count + unnamed.Count == 0) return;
        var found = db.Later($"select a.id, a.role, a.gl_code, u.code, a.subject from account a join unit u on u.id = a.unit_id where a.id {Sql.List(unknown)}",
            row => (Id: row.Long(0), Key: (row.Text(1), row.Text(2), row.Text(3), row.Text(4))));
        var named = db.Later($"select id, code from unit where id {Sql.List(unnamed)}", row => (Id: row.Long(0), Code: row.Text(1)));
        await db.Flush(ct);
        foreach (var (id, key) in found.Value) accounts[id] = key;
        foreach (var (id, code) in named.Value) units[id] = code;
    }

    /// <summary>Role, account of the chart, unit and subject; empty words for an account that is not there.</summary>
    public (string Role, string Account, string Unit, string Subject) Of(long account) => accounts.GetValueOrDefault(account, ("", "", "", ""));

    /// <summary>The code of an entry's unit.</summary>
    public string Unit(long unit) => units.GetValueOrDefault(unit, "");
}
