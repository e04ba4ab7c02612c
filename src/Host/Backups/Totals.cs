using Plug1.Host.Setup;
using Plug1.Kernel.Audit.Seals;
using Plug1.Kernel.Storage;

namespace Plug1.Host.Backups;

/// <summary>What is counted in a backup and counted again in what it restores.</summary>
/// <param name="Documents">Documents.</param>
/// <param name="Transactions">Ledger transactions.</param>
/// <param name="Entries">Ledger entries.</param>
/// <param name="AuditEvents">Audit events.</param>
/// <param name="Facts">Facts.</param>
/// <param name="Users">Users.</param>
/// <param name="Units">Entries and debits of each unit, by its code; debits in the unit's smallest part, as text since sums may be large.</param>
/// <param name="Audit">Where the sealed audit trail ends.</param>
/// <param name="Files">Files beside documents; none in backups of versions that had none.</param>
/// <param name="FileBytes">Bytes of their contents.</param>
internal sealed record Totals(
    long Documents, long Transactions, long Entries, long AuditEvents, long Facts, long Users, IReadOnlyDictionary<string, UnitTotal> Units, AuditState Audit, long Files = 0, long FileBytes = 0)
{
    /// <summary>Counts.</summary>
    public static async Task<Totals> Of(Db db, CancellationToken ct)
    {
        var units = await db.Query($"""
            select u.code, count(*), sum(case when e.amount > 0 then e.amount else 0 end), sum(e.amount) from entry e join unit u on u.id = e.unit_id group by u.code order by u.code
            """, row => (Code: row.Text(0), Total: new UnitTotal(row.Long(1), $"{row.Value(2)}", $"{row.Value(3)}")), ct);
        var (last, waiting) = (await AuditSeals.Last(db, ct), await AuditSeals.Waiting(db, ct));
        // The business may be of a version that kept no files.
        var keepsFiles = await db.Number($"select count(*) from migration where module = 'books'", ct) > 0;
        var (files, bytes) = keepsFiles ? await db.First($"select count(*), cast(coalesce(sum(length(content)), 0) as bigint) from attachment", row => (row.Long(0), row.Long(1)), ct) : (0, 0);
        return new Totals(
            await Count("document"), await Count("ledger_transaction"), await Count("entry"), await Count("audit_event"), await Count("fact"), await Count("app_user"),
            units.ToDictionary(unit => unit.Code, unit => unit.Total, StringComparer.Ordinal),
            new AuditState(last?.Number ?? 0, last?.Hash ?? SealBlock.Nothing, waiting.Events, waiting.Transactions), files, bytes);

        Task<long> Count(string table) => db.Number(Sql.Raw($"select count(*) from {table}"), ct);
    }

    /// <summary>The first figure that differs, for a person; null when all are the same.</summary>
    public string? Difference(Totals other)
    {
        if (Documents != other.Documents) return $"{Documents} documents against {other.Documents}";
        if (Transactions != other.Transactions) return $"{Transactions} ledger transactions against {other.Transactions}";
        if (Entries != other.Entries) return $"{Entries} ledger entries against {other.Entries}";
        if (AuditEvents != other.AuditEvents) return $"{AuditEvents} audit events against {other.AuditEvents}";
        if (Facts != other.Facts) return $"{Facts} facts against {other.Facts}";
        if (Users != other.Users) return $"{Users} users against {other.Users}";
        if ((Files, FileBytes) != (other.Files, other.FileBytes)) return $"{Files} files of {FileBytes} bytes against {other.Files} of {other.FileBytes}";
        foreach (var code in Units.Keys.Union(other.Units.Keys, StringComparer.Ordinal))
            if (Units.GetValueOrDefault(code) != other.Units.GetValueOrDefault(code)) return $"the ledger of {code}";
        return Audit == other.Audit ? null : $"the audit trail sealed up to {Audit} against {other.Audit}";
    }
}

/// <summary>Where the sealed audit trail ends: its digest, and what waits for the next block.</summary>
/// <param name="Block">Number of the last block; zero when nothing is sealed.</param>
/// <param name="Hash">Its hash, which binds everything before; zeros when nothing is sealed.</param>
/// <param name="WaitingEvents">Audit events that are not sealed yet.</param>
/// <param name="WaitingTransactions">Ledger transactions that are not sealed yet.</param>
internal sealed record AuditState(long Block, string Hash, long WaitingEvents, long WaitingTransactions)
{
    /// <inheritdoc/>
    public override string ToString() => $"block {Block} ({Hash[..12]}) and {WaitingEvents} + {WaitingTransactions} waiting";
}

/// <summary>The entries of one unit.</summary>
/// <param name="Entries">How many.</param>
/// <param name="Debits">The sum of its debits.</param>
/// <param name="Balance">The sum of all, which is zero.</param>
internal sealed record UnitTotal(long Entries, string Debits, string Balance);

/// <summary>What a backup says of itself.</summary>
/// <param name="Engine"><c>sqlite</c> or <c>postgres</c>.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Program">The version that made it.</param>
/// <param name="Company">The company, or null when there is none.</param>
/// <param name="Migrations">The schema: files with their hashes.</param>
/// <param name="Totals">What is in it.</param>
internal sealed record Manifest(string Engine, DateTimeOffset CreatedAt, string Program, string? Company, IReadOnlyList<AppliedMigration> Migrations, Totals Totals);
