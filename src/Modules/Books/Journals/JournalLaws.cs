using Plug1.Kernel.Ledger;

namespace Plug1.Books.Journals;

/// <summary>What must hold between journals and the ledger.</summary>
internal static class JournalLaws
{
    public static IReadOnlyList<LedgerLaw> All { get; } =
    [
        new("journal-lines", "A journal posted what its lines say, account by account and branch by branch.", $"""
            select document_id, account, branch_id, sum(entered) as entered, sum(posted) as posted from (
              select l.document_id, l.account, l.branch_id, l.amount as entered, 0 as posted from book_journal_line l join document d on d.id = l.document_id
              where d.posted_at is not null and d.kind <> 'recurring'
              union all
              select t.document_id, a.gl_code, t.branch_id, 0, e.amount from document d join ledger_transaction t on t.document_id = d.id join entry e on e.transaction_id = t.id join account a on a.id = e.account_id
              where d.function = 'books.journals' and d.reversal_of is null and a.role <> 'BranchClearing'
            ) as compared group by document_id, account, branch_id having sum(entered) <> sum(posted)
            """),
        new("branch-clearing", "What branches owe each other is nothing over all branches.", $"""
            select e.unit_id, sum(e.amount) as amount from account a join entry e on e.account_id = a.id where a.role = 'BranchClearing' group by e.unit_id having sum(e.amount) <> 0
            """),
        new("branches-balance", "The books of each branch balance in each unit.", $"""
            select t.branch_id, e.unit_id, sum(e.amount) as difference from ledger_transaction t join entry e on e.transaction_id = t.id group by t.branch_id, e.unit_id having sum(e.amount) <> 0
            """),
    ];
}
