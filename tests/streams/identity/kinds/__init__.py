"""How values of one field are compared."""
