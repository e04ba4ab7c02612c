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
    /// <param name="keys">The accounts' keys; those that are missing are read.</param>
    /// <param name="withParts">Whether the parts are computed too.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<List<Leaf>> TransactionLeaves(Db db, Sql which, AccountKeys keys, bool withParts, CancellationToken ct)
    {
        var leaves = new List<Leaf>();
        await Transactions(db, which, keys, withParts, (id, bytes, parts) =>
        {
            var hash = new byte[Merkle.HashLength];
            bytes.LeafHash(hash);
            leaves.Add(new Leaf(id, hash, parts));
        }, ct);
        return leaves;
    }

    /// <summary>The canonical bytes of one ledger transaction; null when there is none.</summary>
    public static async Task<byte[]?> TransactionData(Db db, Guid id, CancellationToken ct)
    {
        byte[]? found = null;
        await Transactions(db, $"t.id = {id}", new AccountKeys(), withParts: false, (_, bytes, _) => found = bytes.Data.ToArray(), ct);
        return found;
    }

    private static async Task Transactions(Db db, Sql which, AccountKeys keys, bool withParts, Action<Guid, CanonicalBytes, byte[]> take, CancellationToken ct)
    {
        await keys.Learn(db, which, ct);
        var bytes = new CanonicalBytes();
        var heads = db.Later($"select {Sql.Raw(HeadColumns)} from ledger_transaction t where {which} order by t.tx, t.id", row =>
        {
            bytes.Begin(TransactionForm);
            for (var at = 0; at < HeadFields; at++) bytes.Add(row, at, db.Engine);
            return (Id: row.Guid(0), Data: bytes.Data.ToArray());
        });
        // Transactions of the same head as read above follow each other in both answers, so they are put together while they are read.
        TransactionBytes? whole = null;
        db.Later($"""
            select t.id, e.line, e.account_id, e.unit_id, e.amount, e.business_date, e.value_date from ledger_transaction t join entry e on e.transaction_id = t.id
            where {which} order by t.tx, t.id, e.line
            """, row =>
            {
                (whole ??= new TransactionBytes(heads.Value, keys, withParts, take)).Add(row, db.Engine);
                return true;
            });
        await db.Flush(ct);
        (whole ?? new TransactionBytes(heads.Value, keys, withParts, take)).Finish();
    }
}

/// <summary>Puts the bytes of transactions together, entry by entry as they are read.</summary>
internal sealed class TransactionBytes(IReadOnlyList<(Guid Id, byte[] Head)> heads, AccountKeys keys, bool withParts, Action<Guid, CanonicalBytes, byte[]> take)
{
    private readonly CanonicalBytes whole = new();
    private readonly List<byte> parts = [];
    private int present = -1;

    /// <summary>Adds the next entry; heads before its own have no entries.</summary>
    public void Add(Row row, Engine engine)
    {
        var id = row.Guid(0);
        while (present < 0 || heads[present].Id != id) Next();
        var start = whole.Position;
        whole.Add(SealedRows.EntryForm).Add(row.Long(1)).AddFields(keys.Of(row.Long(2))).AddFields(keys.Unit(row.Long(3))).Add(row.Long(4)).Add(row, 5, engine).Add(row, 6, engine);
        AddPart(whole.Data[start..]);
    }

    /// <summary>Gives away what is left.</summary>
    public void Finish()
    {
        while (present < heads.Count) Next();
    }

    private void Next()
    {
        if (present >= 0) take(heads[present].Id, whole, [.. parts]);
        present++;
        parts.Clear();
        if (present >= heads.Count) return;
        whole.BeginWith(heads[present].Head);
        AddPart(whole.Data);
    }

    private void AddPart(ReadOnlySpan<byte> data)
    {
        if (!withParts) return;
        Span<byte> hash = stackalloc byte[Merkle.HashLength];
        SHA256.HashData(data, hash);
        parts.AddRange(hash[..Leaves.PartLength]);
    }
}

/// <summary>What accounts and units are, as canonical fields that do not depend on the numbers that a database gives them.</summary>
internal sealed class AccountKeys
{
    private readonly Dictionary<long, byte[]> accounts = [];
    private readonly Dictionary<long, byte[]> units = [];
    private bool all;

    /// <summary>Reads all accounts, for who reads all transactions.</summary>
    public async Task LearnAll(Db db, CancellationToken ct)
    {
        await Read(db, Sql.Raw("1 = 1"), ct);
        all = true;
    }

    /// <summary>Reads the accounts of transactions.</summary>
    public Task Learn(Db db, Sql which, CancellationToken ct) => all ? Task.CompletedTask
        : Read(db, $"a.id in (select e.account_id from ledger_transaction t join entry e on e.transaction_id = t.id where {which})", ct);

    /// <summary>Role, account of the chart, unit and subject; nothing for an account that is not there.</summary>
    public byte[] Of(long account) => accounts.GetValueOrDefault(account, []);

    /// <summary>The code of an entry's unit.</summary>
    public byte[] Unit(long unit) => units.GetValueOrDefault(unit, []);

    private async Task Read(Db db, Sql which, CancellationToken ct)
    {
        var bytes = new CanonicalBytes();
        var found = db.Later($"select a.id, a.role, a.gl_code, u.code, a.subject from account a join unit u on u.id = a.unit_id where {which}",
            row => (Id: row.Long(0), Fields: bytes.BeginWith([]).Add(row.Text(1)).Add(row.Text(2)).Add(row.Text(3)).Add(row.Text(4)).Data.ToArray()));
        var named = db.Later($"select id, code from unit", row => (Id: row.Long(0), Fields: bytes.BeginWith([]).Add(row.Text(1)).Data.ToArray()));
        await db.Flush(ct);
        foreach (var (id, fields) in found.Value) accounts[id] = fields;
        foreach (var (id, fields) in named.Value) units[id] = fields;
    }
}
