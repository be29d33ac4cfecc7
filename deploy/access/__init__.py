"""Who may do what on the brokers: principals and their grants, from the contract and the files of sources and agencies; `lianfang acls`."""
