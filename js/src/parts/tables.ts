import "../ui/tables/table.css";

export { tablesOf } from "../ui/tables/tables.ts";
export { createTablesPage } from "../ui/tables/tablesPage.ts";
